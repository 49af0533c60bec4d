package io.vertask.app.job;

import io.vertask.app.job.template.Names;
import io.vertask.app.job.template.Param;
import io.vertask.app.job.template.TemplateReader;
import io.vertask.app.job.yaml.Fields;
import io.vertask.app.job.yaml.MessageText;
import io.vertask.app.job.yaml.YamlNode.Mapping;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import io.vertask.app.step.CallableStep;
import io.vertask.client.Phase;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call of a Java class for each item.
 *
 * @param type public, with a public constructor without parameters
 * @param with values for the call, by name, in the file's order
 * @param retryUnsafe whether a call that has begun is made again when it fails
 */
public record CallStep(
        Class<? extends CallableStep> type, Offload offload, Map<String, Param> with, boolean retryUnsafe)
        implements Step {

    /** The threads that run the class: the event loop, or a pool for work that computes or for work that waits. */
    public enum Offload {
        NONE,
        CPU,
        IO
    }

    public static final Step.Form FORM = new Step.Form() {
        @Override
        public List<String> heads() {
            return List.of("call");
        }

        @Override
        public List<String> others() {
            return List.of("offload", "with", "retry_unsafe");
        }

        @Override
        public @Nullable Step read(String head, Fields fields, Clients clients, Names names) {
            Class<? extends CallableStep> type = type(fields);
            Offload offload = fields.choice("offload", Offload.class, Offload.NONE);
            Map<String, Param> with = with(fields, names);
            boolean retryUnsafe = fields.flag("retry_unsafe");
            return type == null ? null : new CallStep(type, offload, with, retryUnsafe);
        }
    };

    public CallStep {
        with = Collections.unmodifiableMap(new LinkedHashMap<>(with));
    }

    /** The name of the class without its package, for messages. */
    public String name() {
        return type.getSimpleName();
    }

    private static @Nullable Class<? extends CallableStep> type(Fields fields) {
        Scalar scalar = fields.filled("call");
        if (scalar == null) {
            return null;
        }
        String name = MessageText.quote(scalar.written());
        Class<?> type;
        try {
            // nothing of the class runs before the job does
            type = Class.forName(scalar.text().strip(), false, CallStep.class.getClassLoader());
        } catch (ClassNotFoundException none) {
            fields.wrong(
                    "call",
                    scalar,
                    "a class on the class path, and " + name + " is not there",
                    "VERTASK_CLASSPATH=my.jar ./run.sh ... adds to it");
            return null;
        } catch (LinkageError broken) {
            fields.wrong("call", scalar, "a class that can be loaded; loading " + name + " failed", broken.toString());
            return null;
        }
        String lacks = lacks(type);
        if (lacks != null) {
            fields.wrong("call", scalar, "a class that can be called; " + name + " " + lacks);
            return null;
        }
        return type.asSubclass(CallableStep.class);
    }

    private static @Nullable String lacks(Class<?> type) {
        if (!CallableStep.class.isAssignableFrom(type)) {
            return "does not implement " + CallableStep.class.getName();
        }
        if (!Modifier.isPublic(type.getModifiers())) {
            return "is not public";
        }
        if (Modifier.isAbstract(type.getModifiers())) {
            return type.isInterface() ? "is an interface" : "is abstract";
        }
        try {
            return Modifier.isPublic(type.getConstructor().getModifiers()) ? null : "has no public constructor";
        } catch (NoSuchMethodException none) {
            return "has no public constructor without parameters";
        } catch (LinkageError broken) {
            return "needs a class that is not there: " + broken.getMessage();
        }
    }

    private static Map<String, Param> with(Fields fields, Names names) {
        Map<String, Param> with = new LinkedHashMap<>();
        Mapping mapping = fields.map("with");
        if (mapping != null) {
            mapping.entries().forEach((name, entry) -> {
                TemplateReader templates = TemplateReader.of(fields, "with." + name, names);
                Param.read(entry.value(), templates).ifPresent(param -> with.put(name, param));
            });
        }
        return with;
    }

    /** Nobody knows what the class does. */
    @Override
    public boolean isRepeatable() {
        return retryUnsafe;
    }

    @Override
    public List<String> notes(Job job) {
        return retryUnsafe || job.limits().retries() == 0
                ? List.of()
                : List.of("limits.retries has no effect on a call that has begun; if " + name()
                        + " may run twice for an item, set do.retry_unsafe: true");
    }

    @Override
    public String phaseLabel(Phase phase) {
        return phase == Phase.RESPONSE ? name() : Step.super.phaseLabel(phase);
    }

    @Override
    public Optional<String> loopCall() {
        return offload == Offload.NONE ? Optional.of(name()) : Optional.empty();
    }

    @Override
    public Names names(Names item) {
        return item.with(Stream.of("result")).opened();
    }
}
