package whirlwind.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import whirlwind.realtime.engine.HubEngine;
import whirlwind.realtime.engine.HubEngineContract;

/** A hub's expectations, met by Redis. */
class RedisEngineContractTest extends HubEngineContract {
    private static RedisServer redis;

    @BeforeAll
    static void startRedis() throws Exception {
        redis = RedisServer.start(RedisServer.Persistence.NONE);
    }

    @AfterAll
    static void stopRedis() throws Exception {
        redis.close();
    }

    @Override
    protected HubEngine newEngine() throws Exception {
        redis.ask("FLUSHALL");
        return RedisEngine.at(redis.url());
    }

    @Override
    protected void elapse(Duration time) throws Exception {
        // Redis has the clock.
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}
