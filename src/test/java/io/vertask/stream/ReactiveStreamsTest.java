package io.vertask.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;

/**
 * The Reactive Streams TCK: each of its TestNG methods becomes a test here.
 *
 * <p>What it skips are rules that nobody can test, or that are for other kinds of publishers.
 */
class ReactiveStreamsTest {
    @TestFactory
    Stream<DynamicTest> publisherKeepsTheRules() {
        return run(PublisherRules.class, 25);
    }

    @TestFactory
    Stream<DynamicTest> subscriberKeepsTheRules() {
        return run(SubscriberRules.class, 10);
    }

    private static Stream<DynamicTest> run(Class<?> rules, int atLeast) {
        TestListenerAdapter listener = new TestListenerAdapter();
        TestNG testNg = new TestNG(false);
        testNg.setVerbose(0);
        testNg.setTestClasses(new Class<?>[] {rules});
        testNg.addListener(listener);
        testNg.run();
        assertThat(listener.getConfigurationFailures()).isEmpty();
        // a runner that finds nothing would otherwise pass
        assertThat(listener.getPassedTests()).hasSizeGreaterThanOrEqualTo(atLeast);
        List<ITestResult> all = new ArrayList<>(listener.getPassedTests());
        all.addAll(listener.getFailedTests());
        all.addAll(listener.getSkippedTests());
        return all.stream().map(result -> DynamicTest.dynamicTest(result.getName(), () -> check(result)));
    }

    private static void check(ITestResult result) throws Throwable {
        Throwable why = result.getThrowable();
        Assumptions.assumeFalse(result.getStatus() == ITestResult.SKIP, () -> String.valueOf(why));
        if (why != null) {
            throw why;
        }
    }
}
