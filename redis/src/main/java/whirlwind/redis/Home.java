package whirlwind.redis;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which Redis this is, by its own report.
 *
 * @param runId another one after each start
 * @param keepsItsData whether what it had before its last start is what it has now. So it is if it
 *     writes everything down as it comes (an append-only file); snapshots are older than the last
 *     publication, and so may be what a replica has that takes over
 */
record Home(String runId, boolean keepsItsData) {

    static Home of(String info) {
        Map<String, String> values =
                info.lines()
                        .map(line -> line.split(":", 2))
                        .filter(parts -> parts.length == 2)
                        .collect(
                                Collectors.toMap(
                                        parts -> parts[0], parts -> parts[1], (one, other) -> one));
        return new Home(
                values.getOrDefault("run_id", ""),
                values.getOrDefault("aof_enabled", "0").equals("1")
                        && values.getOrDefault("second_repl_offset", "-1").equals("-1"));
    }
}
