package whirlwind.web.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.HttpVersion;
import whirlwind.http.RequestStartLine;

class RouterTest {
    @Test
    void theFirstRuleThatMatchesWinsWhateverItsKind() {
        assertThat(
                        target(
                                Router.of(
                                        Route.to("/a", "literal"),
                                        Route.to("/{x}", "template"),
                                        Route.regex("/.*", "regex")),
                                "/a"))
                .isEqualTo("literal");
        assertThat(
                        target(
                                Router.of(
                                        Route.to("/{x}", "template"),
                                        Route.to("/a", "literal"),
                                        Route.regex("/.*", "regex")),
                                "/a"))
                .isEqualTo("template");
        assertThat(
                        target(
                                Router.of(
                                        Route.regex("/.*", "regex"),
                                        Route.to("/a", "literal"),
                                        Route.to("/{x}", "template")),
                                "/a"))
                .isEqualTo("regex");
        assertThat(target(Router.of(Route.to("/a", "first"), Route.to("/a", "second")), "/a"))
                .isEqualTo("first");
        assertThat(target(Router.of(Route.to("/{x}", "first"), Route.to("/{y}", "second")), "/a"))
                .isEqualTo("first");
        assertThat(target(Router.of(Route.to("/{x:*}", "rest"), Route.to("/{y}", "second")), "/a"))
                .isEqualTo("rest");
        assertThat(
                        target(
                                Router.of(
                                        Route.to("/{x:[0-9]+}", "digits"), Route.to("/{y}", "any")),
                                "/a"))
                .isEqualTo("any");
    }

    @Test
    void aBranchThatLeadsNowhereDoesNotHideAnother() {
        var router =
                Router.of(
                        Route.to("/a/b/c", "literal"),
                        Route.to("/a/{x}/d", "inner"),
                        Route.to("/{x}/b/{y}", "outer"),
                        Route.to("/a/{x:*}", "rest"));

        assertThat(target(router, "/a/b/c")).isEqualTo("literal");
        assertThat(target(router, "/a/b/d")).isEqualTo("inner");
        assertThat(target(router, "/a/b/e")).isEqualTo("outer");
        assertThat(target(router, "/a/c/e")).isEqualTo("rest");
        assertThat(target(router, "/b/c/e")).isNull();
    }

    @Test
    void argumentsAreFoundByPlaceAndByName() {
        var match = Router.of(Route.to("/{user}/{id:[0-9]+}", "x")).match(get("/a%2Fb/7"));

        assertThat(match).isNotNull();
        assertThat(match.arguments()).containsExactly("a/b", "7");
        assertThat(match.argument("id")).isEqualTo("7");
        assertThatIllegalArgumentException().isThrownBy(() -> match.argument("nobody"));
    }

    @Test
    void aFixedPathAlwaysGivesTheSameMatch() {
        var router = Router.of(Route.to("/a", "a"), Route.regex("/b\\.txt", "b"));

        assertThat(router.match(get("/a"))).isSameAs(router.match(get("/a?query")));
        assertThat(router.match(get("/b.txt"))).isSameAs(router.match(get("/b.txt")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"//", "/a", "/nothing"})
    void whatNoRuleWantsIsNull(String uri) {
        var router = Router.of(Route.to("/", "root"), Route.to("/a/{b}", "b"));

        assertThat(target(router, uri)).isNull();
        assertThat(target(Router.of(), "/")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.com, www",
        "WWW.Example.com:8080, www",
        "wwwxexample.com, www",
        "api.example.com, api",
        "other.com, any",
        "www.example.com.evil, any"
    })
    void groupsAreForHosts(String host, String target) {
        var router =
                Router.of(
                        RouteGroup.host("www.example.com", List.of(Route.to("/", "www"))),
                        RouteGroup.host("api\\.example\\.com", List.of(Route.to("/", "api"))),
                        Route.to("/", "any"));

        assertThat(target(router, "/", host)).isEqualTo(target);
    }

    @Test
    void aGroupThatFindsNothingLetsLaterRulesTry() {
        var inner = Router.of(Route.to("/a", "inner"), Route.to("/{x}/y", "inner y"));
        var router =
                Router.of(
                        new RouteGroup<>(RequestMatcher.ANY, inner),
                        Route.to("/b", "outer"),
                        Route.to("/a", "hidden"));

        assertThat(target(router, "/a")).isEqualTo("inner");
        assertThat(target(router, "/b")).isEqualTo("outer");
        assertThat(target(router, "/q/y")).isEqualTo("inner y");
        assertThat(target(router, "/c")).isNull();
    }

    @Test
    void groupsMayLookAtTheWholeRequest() {
        var router =
                Router.of(
                        new RouteGroup<>(
                                request -> request.method().equals("POST"),
                                Router.of(Route.to("/", "post"))),
                        Route.to("/", "other"));

        assertThat(target(router, "/")).isEqualTo("other");
    }

    @Test
    void routesAreReversedByNameThroughGroups() {
        var router =
                Router.of(
                        RouteGroup.host(
                                "a",
                                List.of(
                                        Route.to("/inner/{id}", "x").named("inner"),
                                        Route.to("/hidden", "x").named("user"))),
                        Route.to("/user/{id}", "x").named("user"),
                        Route.regex("/static/(.*)", "x").named("static"));

        assertThat(router.reverse("user", 7)).isEqualTo("/user/7");
        assertThat(router.reverse("inner", "a b")).isEqualTo("/inner/a%20b");
        assertThat(router.reverse("static", "css/a.css")).isEqualTo("/static/css/a.css");
        assertThat(router.named("nobody")).isNull();
        assertThatThrownBy(() -> router.reverse("nobody"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("no route named \"nobody\"");
    }

    @Test
    void twoRoutesOfOneNameAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Router.of(Route.to("/a", "x").named("n"), Route.to("/b", "x").named("n")))
                .withMessage("two routes are named \"n\"");
    }

    /** The index against the definition: the lowest rule whose own pattern matches. */
    @Property
    void whatTheIndexFindsIsWhatTryingThemInTurnFinds(
            @ForAll @Size(max = 8) List<@IntRange(max = 15) Integer> rules,
            @ForAll @Size(max = 3) List<@IntRange(max = 3) Integer> path) {
        var patterns =
                List.of(
                        "/",
                        "/a",
                        "/a/b",
                        "/{x}",
                        "/{x}/b",
                        "/a/{x}",
                        "/{x}/{y}",
                        "/{x:*}",
                        "/a/{x:*}",
                        "/{x:a|b}",
                        "/{x:[b-c]}/b",
                        "/a/",
                        "/{x}/",
                        "/a{x}",
                        "/b/b/b",
                        "/{x}/b/{y:b}");
        var routes = new ArrayList<Route<Integer>>();
        for (int i = 0; i < rules.size(); i++) {
            routes.add(Route.to(patterns.get(rules.get(i)), i));
        }
        var uri =
                "/"
                        + String.join(
                                "/",
                                path.stream()
                                        .map(i -> List.of("a", "b", "", "ab").get(i))
                                        .toList());

        var expected =
                routes.stream()
                        .filter(route -> route.pattern().match(uri) != null)
                        .findFirst()
                        .orElse(null);

        var match = new Router<>(routes).match(get(uri));
        assertThat(match == null ? null : match.route()).isEqualTo(expected);
    }

    /** Whatever is tried on the way takes memory, so that more of it would show. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/thing32",
                "/thing32/name",
                "/thing32/name/part/7",
                "/thing32/name/part/x",
                "/none",
            })
    void amongAThousandRoutesNoMoreIsTriedThanAmongAHundred(String uri) {
        var request = get(uri);
        request.path();
        var few = things(33);
        var many = things(333);
        for (int i = 0; i < 10; i++) { // both, until they are compiled to the same end
            allocated(few, request);
            allocated(many, request);
        }
        assertThat(allocated(many, request))
                .isLessThanOrEqualTo(allocated(few, request) * 3 / 2 + 100_000);
    }

    /** Three times as many routes. */
    private static Router<Integer> things(int count) {
        var routes = new ArrayList<Route<Integer>>();
        for (int i = 0; i < count; i++) {
            routes.add(Route.to("/thing" + i, i));
            routes.add(Route.to("/thing" + i + "/{name}", i));
            routes.add(Route.to("/thing" + i + "/{name}/part/{number:int}", i));
        }
        return new Router<>(routes);
    }

    private static long allocated(Router<Integer> router, HttpServerRequest request) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 2000; i++) {
            router.match(request);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static @Nullable String target(Router<String> router, String uri) {
        return target(router, uri, "example.com");
    }

    private static @Nullable String target(Router<String> router, String uri, String host) {
        var match = router.match(request(uri, host));
        return match == null ? null : match.target();
    }

    private static HttpServerRequest get(String uri) {
        return request(uri, "example.com");
    }

    private static HttpServerRequest request(String uri, String host) {
        return new HttpServerRequest(
                new RequestStartLine("GET", uri, HttpVersion.HTTP_1_1), Headers.of("Host", host));
    }
}
