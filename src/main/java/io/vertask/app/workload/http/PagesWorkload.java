package io.vertask.app.workload.http;

import io.vertask.app.job.Item;
import io.vertask.app.job.Job;
import io.vertask.app.job.PagesStep;
import io.vertask.app.job.template.TemplateScope;
import io.vertask.app.workload.ItemCall;
import io.vertask.app.workload.StepKind;
import io.vertask.client.Reached;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Fetches the pages of a {@link PagesStep}; a page is an attempt of its item. */
public final class PagesWorkload extends SendingWorkload {
    /** Steps that request one page after another. */
    public static final StepKind<PagesStep> KIND = new StepKind<>(
            List.of(PagesStep.FORM), PagesStep.class, (step, run) -> new PagesWorkload(run.job(), step, run.reached()));

    private final PagesStep step;
    private final PagingNotes paging;
    private final Picking picking;

    private PagesWorkload(Job job, PagesStep step, Reached reached) {
        super("pages", job, step.target(), step.client(), OptionalLong.empty(), reached);
        this.step = step;
        this.paging = new PagingNotes(step.next());
        this.picking = new Picking(step.pick(), "row");
    }

    @Override
    public ItemCall call(Item item) {
        TemplateScope scope = item.scope();
        String first = step.target().render(scope);
        PageWalk walk = new PageWalk(step.next(), first, step.maxPages(), paging);
        return new PagesCall(sender(), step, picking, requests, scope, requests.origin(first), walk);
    }

    @Override
    public List<String> remarks() {
        return Stream.of(picking.remark(), paging.remark())
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public List<String> preview(Item item) {
        String first = step.target().render(item.scope());
        return requests.of(HttpMethod.GET, first).lines();
    }
}
