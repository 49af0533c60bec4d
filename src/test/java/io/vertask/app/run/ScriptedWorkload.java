package io.vertask.app.run;

import io.vertask.app.job.Item;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.ItemCall;
import io.vertask.app.workload.Workload;
import io.vertask.client.Phase;
import io.vertask.client.PhaseListener;
import io.vertask.task.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A workload without a wire: what an attempt does is decided by a script, and counted. */
final class ScriptedWorkload extends Workload {
    /** What the {@code attempt}-th attempt (from 1) for {@code item} does; it may give an {@link Answer} of its own. */
    interface Script {
        Future<?> attempt(String item, int attempt);
    }

    private final Script script;
    private final Map<String, Integer> attempts = new HashMap<>();
    private int open;
    private int peak;

    ScriptedWorkload(Script script) {
        super("scripted");
        this.script = script;
    }

    static Future<Void> after(int millis) {
        return Tasks.sleep(Duration.ofMillis(millis));
    }

    @Override
    protected Future<?> openClients() {
        return Future.succeededFuture();
    }

    @Override
    protected Future<?> closeClients() {
        return Future.succeededFuture();
    }

    @Override
    public ItemCall call(Item item) {
        return phases -> attempt(item, phases);
    }

    /** The host of an item that is written {@code host/rest}. */
    @Override
    public String site(Item item) {
        String text = String.valueOf(item.value());
        return text.contains("/") ? text.substring(0, text.indexOf('/')) : "";
    }

    @Override
    public java.util.List<String> preview(Item item) {
        return java.util.List.of("does " + item.key());
    }

    private Future<Answer> attempt(Item item, PhaseListener phases) {
        String key = String.valueOf(item.value());
        int attempt = attempts.merge(key, 1, Integer::sum);
        peak = Math.max(peak, ++open);
        phases.phase(Phase.RESPONSE);
        return script.attempt(key, attempt)
                .onComplete(end -> open--)
                .map(done -> done instanceof Answer own
                        ? own
                        : Answer.of(TemplateScope.of(item.value()), "done " + key, "done " + key));
    }

    int attempts(String item) {
        return attempts.getOrDefault(item, 0);
    }

    int items() {
        return attempts.size();
    }

    int peak() {
        return peak;
    }
}
