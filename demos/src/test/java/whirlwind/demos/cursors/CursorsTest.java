package whirlwind.demos.cursors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.demos.RunningDemo;
import whirlwind.demos.TestSocket;
import whirlwind.escape.Json;

/** What a page may tell the others. */
class CursorsTest {
    private final RunningDemo demo = RunningDemo.start(Cursors::application);
    private final TestSocket page = new TestSocket(demo.socket("/whirlwind/ws"));

    @BeforeEach
    void comeIn() throws InterruptedException {
        page.send(
                "{\"type\":\"connect\",\"id\":1,\"version\":1,"
                        + "\"token\":{\"session\":\"a secret\",\"name\":\"Ada\"}}");
        assertThat(answer("type")).isEqualTo("connected");
    }

    @AfterEach
    void leave() throws InterruptedException {
        page.close();
        demo.close();
    }

    private String answer(String field) throws InterruptedException {
        return Json.decode(page.next()).path(field).asString("");
    }

    private void point(String place) {
        page.send("{\"type\":\"publish\",\"id\":2,\"topic\":\"cursors\",\"data\":" + place + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"x\":0,\"y\":1}",
                "{\"x\":1e-400,\"y\":0.5}",
                "{\"x\":0.5,\"y\":0.5,\"press\":true}"
            })
    void aPlaceInTheFieldIsTold(String place) throws InterruptedException {
        point(place);
        assertThat(answer("type")).isEqualTo("published");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[0,1]",
                "{\"x\":0}",
                "{\"x\":0,\"y\":\"1\"}",
                "{\"x\":0,\"y\":1.001}",
                "{\"x\":0,\"y\":-1e999999999}",
                "{\"x\":0,\"y\":1,\"press\":1}",
                "{\"x\":0,\"y\":1,\"more\":true}",
                "LARGE"
            })
    void whatIsNoPlaceIsForbidden(String place) throws InterruptedException {
        point(place.replace("LARGE", "{\"x\":0,\"y\":" + "9".repeat(900) + "}"));
        assertThat(answer("code")).isEqualTo("forbidden");
    }
}
