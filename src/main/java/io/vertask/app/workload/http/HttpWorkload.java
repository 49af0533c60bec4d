package io.vertask.app.workload.http;

import io.vertask.app.job.HttpStep;
import io.vertask.app.job.Item;
import io.vertask.app.job.Job;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.workload.Answer;
import io.vertask.app.workload.CallFailure;
import io.vertask.app.workload.ItemCall;
import io.vertask.app.workload.StepKind;
import io.vertask.app.workload.http.Sender.Onward;
import io.vertask.app.workload.http.Sender.Received;
import io.vertask.client.Phase;
import io.vertask.client.PhaseListener;
import io.vertask.client.Reached;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Makes the request of an {@link HttpStep}. */
public final class HttpWorkload extends SendingWorkload {
    /** Steps that are one HTTP request. */
    public static final StepKind<HttpStep> KIND = new StepKind<>(
            HttpStep.FORMS, HttpStep.class, (step, run) -> new HttpWorkload(run.job(), step, run.reached()));

    private final HttpStep step;
    private final Picking picking;

    private HttpWorkload(Job job, HttpStep step, Reached reached) {
        super("http", job, step.target(), step.client(), step.maxBody(), reached);
        this.step = step;
        this.picking = new Picking(step.pick(), "answer");
    }

    @Override
    public ItemCall call(Item item) {
        return new Call(item.scope(), sender());
    }

    @Override
    public List<String> remarks() {
        return picking.remark().stream().toList();
    }

    @Override
    public List<String> preview(Item item) {
        return requests.of(step, item.scope()).lines();
    }

    /** A request that may have taken effect is not sent again, however it ended. */
    @Override
    public CallFailure timedOut(Duration limit, Phase phase) {
        CallFailure failure = super.timedOut(limit, phase);
        return step.isRepeatable() || phase.compareTo(Phase.RESPONSE) < 0 ? failure : failure.once();
    }

    /** One item: its request, or the rest of the way after a redirect that asked us to wait. */
    private final class Call implements ItemCall {
        private final TemplateScope item;
        private final Sender http;
        private Optional<Onward> rest = Optional.empty();

        Call(TemplateScope item, Sender http) {
            this.item = item;
            this.http = http;
        }

        @Override
        public Future<Answer> attempt(PhaseListener phases) {
            // a step that accepts a redirect's status wants the redirect itself
            IntPredicate wanted = step.accept()::names;
            // it stays until there is an answer: beginning anew after each failure might never end
            Future<Received> received = rest.isPresent()
                    ? http.send(rest.get(), phases, wanted)
                    : http.send(requests.of(step, item), phases, wanted);
            return received.map(this::answer);
        }

        /** A request that has taken effect is not sent again only because its answer can't be used. */
        private Answer read(Received received) {
            try {
                return Responses.read(step, received, item, picking, requests);
            } catch (CallFailure unusable) {
                throw step.isRepeatable() ? unusable : unusable.done(received.status());
            }
        }

        private Answer answer(Received received) {
            if (received.next().isPresent()) {
                rest = received.next();
                return Answer.of(item, "", null).unfinished().pausing(rest.get().pause());
            }
            if (!step.accept().test(received.status())) {
                throw http.refused(received);
            }
            Answer answer = read(received);
            return http.wishOf(received).map(answer::pausing).orElse(answer);
        }
    }
}
