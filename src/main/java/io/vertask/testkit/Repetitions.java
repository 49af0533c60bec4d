package io.vertask.testkit;

import java.lang.reflect.Method;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Makes the repetitions of a test on a virtual loop, as its annotation asks. */
final class Repetitions implements TestTemplateInvocationContextProvider {
    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getTestMethod().isPresent();
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Method method = context.getRequiredTestMethod();
        if (AnnotationSupport.isAnnotated(method, CancelAtEveryTurn.class)) {
            return StreamSupport.stream(new Turns(), false);
        }
        Optional<Schedules> schedules = AnnotationSupport.findAnnotation(method, Schedules.class);
        if (schedules.isPresent()) {
            return seeds(schedules.get()).mapToObj(seed -> Repetition.oneOf("seed " + seed, VirtualLoop.seeded(seed)));
        }
        return Stream.of(Repetition.only(VirtualLoop.inOrder()));
    }

    private static LongStream seeds(Schedules schedules) {
        Long only = Long.getLong(Schedules.SEED);
        return only != null ? LongStream.of(only) : LongStream.range(0, schedules.seeds());
    }

    /** The run without a cancel gives the number of turns; JUnit asks for the next repetition when one has ended. */
    private static final class Turns extends AbstractSpliterator<TestTemplateInvocationContext> {
        private final Repetition undisturbed = Repetition.oneOf("not cancelled", VirtualLoop.inOrder());
        private int turn = -1;

        Turns() {
            super(Long.MAX_VALUE, Spliterator.ORDERED);
        }

        @Override
        public boolean tryAdvance(Consumer<? super TestTemplateInvocationContext> next) {
            if (turn < 0) {
                next.accept(undisturbed);
            } else if (!undisturbed.isOver()) {
                throw new IllegalStateException("the first repetition of @CancelAtEveryTurn has not ended, and it tells"
                        + " how many there are; remove @Execution(CONCURRENT) from this test");
            } else if (turn <= undisturbed.loop().turns()) {
                next.accept(Repetition.oneOf("cancelled before turn " + turn, VirtualLoop.cancelledAt(turn)));
            } else {
                return false;
            }
            turn++;
            return true;
        }
    }
}
