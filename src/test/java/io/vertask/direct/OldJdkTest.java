package io.vertask.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@EnabledForJreRange(max = JRE.JAVA_20, disabledReason = "this JDK has virtual threads")
class OldJdkTest {
    private final AtomicBoolean begun = new AtomicBoolean();

    @Test
    void anOldJdkIsRefusedBeforeAnythingStarts() {
        refused(() -> Direct.run(() -> begun.set(true)));
        refused(() -> Direct.body(() -> begun.set(true)));
        refused(() -> Direct.start("any", () -> begun.set(true)));
        assertThat(begun).isFalse();
        assertThat(Direct.isAvailable()).isFalse();
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("straight-line code needs JDK 21 or later; this is " + System.getProperty("java.version")
                        + ": use futures, or run on a later JDK");
    }
}
