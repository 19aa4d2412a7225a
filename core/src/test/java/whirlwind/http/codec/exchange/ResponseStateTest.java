package whirlwind.http.codec.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.http.HttpOutputException;
import whirlwind.testing.OneEngine;

@OneEngine
class ResponseStateTest {
    @ParameterizedTest
    @CsvSource({
        "AWAITED, INFORM, AWAITED",
        "AWAITED, RESPOND, FINISHED",
        "AWAITED, START, BODY",
        "AWAITED, UPGRADE, SWITCHED",
        "BODY, WRITE, BODY",
        "BODY, FINISH, FINISHED",
        "GONE, RESPOND, GONE",
        "GONE, WRITE, GONE",
        "GONE, FINISH, GONE"
    })
    void theStepsOfAResponse(ResponseState before, ResponseState.Step step, ResponseState after) {
        assertThat(before.after(step)).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource({
        "AWAITED, WRITE, no response has been started",
        "AWAITED, FINISH, no response has been started",
        "BODY, INFORM, a response has been started already",
        "BODY, START, a response has been started already",
        "BODY, RESPOND, a response has been started already",
        "BODY, UPGRADE, a response has been started already",
        "FINISHED, WRITE, the response is finished",
        "FINISHED, FINISH, the response is finished",
        "SWITCHED, RESPOND, the connection has been taken over"
    })
    void whatMayNotFollow(ResponseState state, ResponseState.Step step, String complaint) {
        assertThatThrownBy(() -> state.after(step))
                .isInstanceOf(HttpOutputException.class)
                .hasMessage(complaint);
    }
}
