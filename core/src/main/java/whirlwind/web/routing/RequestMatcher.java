package whirlwind.web.routing;

import java.util.regex.Pattern;
import whirlwind.http.HttpServerRequest;

/**
 * Whether a group's rules are for a request. Tornado's {@code Matcher}. Called once for every
 * request, before its body has come: be quick and do not block.
 */
@FunctionalInterface
public interface RequestMatcher {
    /** Every request. Tornado's {@code AnyMatches}. */
    RequestMatcher ANY = _ -> true;

    /** Says whether the request is one of these. */
    boolean matches(HttpServerRequest request);

    /**
     * Requests for the hosts that the regular expression matches as a whole, in lower case and
     * without port. Mind that a dot matches any character. Tornado's {@code HostMatches}.
     *
     * @throws IllegalArgumentException if the expression is malformed
     */
    static RequestMatcher host(String regex) {
        var pattern = Pattern.compile(regex);
        return request -> pattern.matcher(request.hostName()).matches();
    }
}
