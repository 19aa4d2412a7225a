package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.testing.OptionsContract;
import whirlwind.web.files.StaticSite;
import whirlwind.web.template.TemplateArguments;

class ApplicationSettingsTest extends OptionsContract<ApplicationSettings> {
    private static final ApplicationSettings DEFAULTS = ApplicationSettings.DEFAULTS;
    private static final Duration NEGATIVE = Duration.ofSeconds(-1);
    private static final Path NOWHERE = Path.of("/no/such/folder");

    private static final class Nothing extends UIModule {
        @Override
        protected String render(TemplateArguments arguments) {
            return "";
        }
    }

    ApplicationSettingsTest() {
        super(DEFAULTS);
    }

    @Override
    protected Stream<Wrong<ApplicationSettings>> wrong() {
        return Stream.of(
                new Wrong<>(
                        "withTimeLimit",
                        s -> s.withTimeLimit(NEGATIVE),
                        "timeLimit: -1 s (at least 0)"),
                new Wrong<>(
                        "withTimeLimit",
                        s -> s.withTimeLimit(Duration.ofSeconds(Long.MAX_VALUE)),
                        "timeLimit: 9223372036854775807 s (at most 36500 days)"),
                new Wrong<>(
                        "withDrainLimit",
                        s -> s.withDrainLimit(NEGATIVE),
                        "drainLimit: -1 s (at least 0)"),
                new Wrong<>(
                        "withDefaultHost",
                        s -> s.withDefaultHost("a b"),
                        "defaultHost: \"a b\" (such as www.example.com, without a port)"),
                new Wrong<>(
                        "withDefaultHost",
                        s -> s.withDefaultHost("a:80"),
                        "defaultHost: \"a:80\" (such as www.example.com, without a port)"),
                new Wrong<>(
                        "withTemplatePath",
                        s -> s.withTemplatePath(NOWHERE),
                        "templatePath: /no/such/folder (there is no such folder)"),
                new Wrong<>(
                        "withStaticFiles",
                        s -> s.withStaticFiles(StaticSite.folder(NOWHERE)),
                        "folder: /no/such/folder (there is no such folder)"),
                new Wrong<>(
                        "withUiModule",
                        s -> s.withUiModule("a-b", Nothing::new),
                        "uiModule: \"a-b\" (a letter, then letters, digits and _)"),
                new Wrong<>(
                        "withUiMethod",
                        s -> s.withUiMethod("_x", (handler, arguments) -> ""),
                        "uiMethod: \"_x\" (a letter, then letters, digits and _)"),
                new Wrong<>(
                        "withWebsocketPingInterval",
                        s -> s.withWebsocketPingInterval(NEGATIVE),
                        "websocketPingInterval: -1 s (at least 0)"),
                new Wrong<>(
                        "withWebsocketPingTimeout",
                        s -> s.withWebsocketPingTimeout(NEGATIVE),
                        "websocketPingTimeout: -1 s (at least 0)"),
                new Wrong<>(
                        "withWebsocketMaxMessageSize",
                        s -> s.withWebsocketMaxMessageSize(0),
                        "websocketMaxMessageSize: 0 (at least 1)"),
                new Wrong<>(
                        "withSseKeepAlive",
                        s -> s.withSseKeepAlive(NEGATIVE),
                        "sseKeepAlive: -1 s (at least 0)"),
                new Wrong<>(
                        "withCookieSecret",
                        s -> s.withCookieSecret(" "),
                        "cookie secret: blank (something random, such as 'openssl rand -base64 32'"
                                + " makes; is the environment variable set?)"),
                new Wrong<>(
                        "withCookieSecrets",
                        s -> s.withCookieSecrets(Map.of(1, "a", 2, "b"), 3),
                        "key version: 3 (one of [1, 2])"),
                new Wrong<>(
                        "withXsrfCookieVersion",
                        s -> s.withXsrfCookieVersion(3),
                        "xsrfCookieVersion: 3 (1 or 2)"),
                new Wrong<>(
                        "withLoginUrl",
                        s -> s.withLoginUrl("javascript:x"),
                        "loginUrl: \"javascript:x\" (a path such as /login, or a URL)"),
                new Wrong<>("withValue", s -> s.withValue(" ", 1), "value: its name is blank"));
    }

    @Override
    protected boolean canBeWrong(Class<?> type) {
        return List.of(int.class, long.class, Duration.class, String.class, Path.class, Map.class)
                .contains(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "login", "/a b", "/l\r\nSet-Cookie: a=b", "/anmeldung/\u00e4"})
    void aLoginUrlThatCannotBeALocationIsRefused(String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withLoginUrl(url));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/login", "/login?a=b", "https://sso.example.com/x", "http://h"})
    void aLoginUrlIsAPathOrAUrl(String url) {
        assertThat(DEFAULTS.withLoginUrl(url).loginUrl()).isEqualTo(url);
    }
}
