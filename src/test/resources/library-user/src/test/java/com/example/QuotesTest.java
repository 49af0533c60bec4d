package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.util.Version;
import io.vertask.testkit.CancelAtEveryTurn;
import io.vertask.testkit.VirtualLoop;
import io.vertask.testkit.VirtualTest;
import java.time.Duration;
import java.util.List;

class QuotesTest {
    @VirtualTest
    void allInOrder(VirtualLoop loop) throws Exception {
        assertEquals(List.of("AAPL 1.0", "GOOG 1.0", "MSFT 1.0"), loop.value(Quotes::all));
        assertEquals(Duration.ofMillis(20), loop.run(Quotes::all).elapsed());
    }

    @CancelAtEveryTurn
    void aCancelLeavesThePermitsFree(VirtualLoop loop) throws Exception {
        loop.run(Quotes::all);
        assertEquals(2, Quotes.limit.available());
    }

    @VirtualTest
    void scramComesAlongAndNettyIsTheOneOfTheReadme(VirtualLoop loop) throws Exception {
        Class.forName("com.ongres.scram.client.ScramClient");
        assertEquals(System.getProperty("netty.version"), Version.identify().get("netty-codec-http").artifactVersion());
    }

    @VirtualTest
    void theApplicationIsNotHere(VirtualLoop loop) {
        assertThrows(ClassNotFoundException.class, () -> Class.forName("picocli.CommandLine"));
        assertThrows(ClassNotFoundException.class, () -> Class.forName("io.vertask.app.Main"));
    }
}
