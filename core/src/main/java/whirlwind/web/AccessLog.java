package whirlwind.web;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Lines in the logger {@code whirlwind.access}. Costs nothing while that logger is off. Tornado:
 * {@code tornado.access}.
 */
abstract sealed class AccessLog implements LogFunction {
    private static final Logger log = LoggerFactory.getLogger("whirlwind.access");

    @Override
    public boolean isOn(int status) {
        return log.isEnabledForLevel(levelOf(status));
    }

    @Override
    public void log(AccessRecord access) {
        var level = levelOf(access.status());
        if (log.isEnabledForLevel(level)) {
            log.atLevel(level).log(line(access));
        }
    }

    private static Level levelOf(int status) {
        return status < 400 ? Level.INFO : status < 500 ? Level.WARN : Level.ERROR;
    }

    abstract String line(AccessRecord access);

    /** With two decimals, and a point in every country. */
    private static BigDecimal millis(AccessRecord access) {
        return BigDecimal.valueOf(Math.round(access.duration().toNanos() / 1e4), 2);
    }

    static final class Text extends AccessLog {
        @Override
        String line(AccessRecord access) {
            return access.status()
                    + " "
                    + access.summary()
                    + " "
                    + millis(access)
                    + " ms "
                    + access.bodyLength()
                    + " bytes";
        }
    }

    static final class Json extends AccessLog {
        @Override
        String line(AccessRecord access) {
            var request = access.request();
            var fields = new LinkedHashMap<String, Object>();
            fields.put("time", access.started().toString());
            fields.put("method", request.method());
            fields.put("uri", request.uri());
            fields.put("host", request.host());
            fields.put("remoteIp", request.remoteIp());
            fields.put("status", access.status());
            fields.put("bytes", access.bodyLength());
            fields.put("ms", millis(access));
            if (access.requestId() != null) {
                fields.put("requestId", access.requestId());
            }
            var userAgent = request.headers().get("User-Agent");
            if (userAgent != null) {
                fields.put("userAgent", userAgent);
            }
            var referer = request.headers().get("Referer");
            if (referer != null) {
                fields.put("referer", referer);
            }
            return whirlwind.escape.Json.encode(fields);
        }
    }
}
