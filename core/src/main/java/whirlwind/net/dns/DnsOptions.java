package whirlwind.net.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import whirlwind.check.DurationText;

/**
 * Whom {@link AsyncResolver} asks, and how. {@link #DEFAULTS} follows the system's settings ({@code
 * /etc/resolv.conf} on Unix).
 *
 * @param nameServers asked in this order, the next one when one doesn't answer; empty: the system's
 * @param queryTimeout how long to wait for one server's answer: half of it each of two times
 * @param searchDomains tried behind short names; null: the system's
 * @param ndots names with as many dots are tried as they are first; -1: the system's setting
 * @param hostsFile whether {@code /etc/hosts} comes before name servers
 * @param maxTtl how long answers are kept at most, where the server allows it, in whole seconds;
 *     zero: not at all, and nothing else either
 * @param negativeTtl how long it is remembered that there is no such name, in whole seconds
 */
public record DnsOptions(
        List<InetSocketAddress> nameServers,
        Duration queryTimeout,
        @Nullable List<String> searchDomains,
        int ndots,
        boolean hostsFile,
        Duration maxTtl,
        Duration negativeTtl) {
    /** The system's settings, 5 seconds for a query, answers kept for a day at most. */
    public static final DnsOptions DEFAULTS =
            new DnsOptions(
                    List.of(),
                    Duration.ofSeconds(5),
                    null,
                    -1,
                    true,
                    Duration.ofDays(1),
                    Duration.ZERO);

    /** Checks the durations and that the servers are addresses. */
    public DnsOptions {
        nameServers = List.copyOf(nameServers);
        searchDomains = searchDomains == null ? null : List.copyOf(searchDomains);
        if (queryTimeout.toMillis() <= 0 || maxTtl.isNegative() || negativeTtl.isNegative()) {
            throw new IllegalArgumentException(
                    "queryTimeout: %s (more than 0), maxTtl: %s, negativeTtl: %s (at least 0)"
                            .formatted(
                                    DurationText.of(queryTimeout),
                                    DurationText.of(maxTtl),
                                    DurationText.of(negativeTtl)));
        }
        for (var server : nameServers) {
            if (server.isUnresolved()) {
                throw new IllegalArgumentException(
                        "name server: " + server + " (give its address, not its name)");
            }
        }
    }

    /** These options with other servers to ask. */
    public DnsOptions withNameServers(InetSocketAddress... nameServers) {
        return new DnsOptions(
                List.of(nameServers),
                queryTimeout,
                searchDomains,
                ndots,
                hostsFile,
                maxTtl,
                negativeTtl);
    }

    /** These options with another limit for one query. */
    public DnsOptions withQueryTimeout(Duration queryTimeout) {
        return new DnsOptions(
                nameServers, queryTimeout, searchDomains, ndots, hostsFile, maxTtl, negativeTtl);
    }

    /** These options with domains to try behind names that have fewer than {@code ndots} dots. */
    public DnsOptions withSearchDomains(int ndots, String... searchDomains) {
        return new DnsOptions(
                nameServers,
                queryTimeout,
                List.of(searchDomains),
                ndots,
                hostsFile,
                maxTtl,
                negativeTtl);
    }

    /** These options, with the hosts file looked at or not. */
    public DnsOptions withHostsFile(boolean hostsFile) {
        return new DnsOptions(
                nameServers, queryTimeout, searchDomains, ndots, hostsFile, maxTtl, negativeTtl);
    }

    /** These options with other limits for what is remembered. */
    public DnsOptions withCaching(Duration maxTtl, Duration negativeTtl) {
        return new DnsOptions(
                nameServers, queryTimeout, searchDomains, ndots, hostsFile, maxTtl, negativeTtl);
    }
}
