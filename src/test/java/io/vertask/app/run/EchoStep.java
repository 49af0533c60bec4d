package io.vertask.app.run;

import io.vertask.app.job.Clients;
import io.vertask.app.job.Step;
import io.vertask.app.job.template.Names;
import io.vertask.app.job.template.Template;
import io.vertask.app.job.template.TemplateReader;
import io.vertask.app.job.yaml.Fields;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A step of a kind that Vertask does not have: the result is a text made from the item. */
record EchoStep(Template text, int times) implements Step {
    static final Step.Form FORM = new Step.Form() {
        @Override
        public List<String> heads() {
            return List.of("echo");
        }

        @Override
        public List<String> others() {
            return List.of("times");
        }

        @Override
        public @Nullable Step read(String head, Fields fields, Clients clients, Names names) {
            int times = fields.whole("times", 1, 1, 9);
            return TemplateReader.of(fields, head, names)
                    .text(fields.filled(head))
                    .map(text -> new EchoStep(text, times))
                    .orElse(null);
        }

        @Override
        public JsonObject schema(String key) {
            return new JsonObject().put("type", key.equals("times") ? "integer" : "string");
        }
    };

    @Override
    public Names names(Names item) {
        return item.with(Stream.of("echoed"));
    }
}
