/** One hub of several servers, over Redis. */
module whirlwind.redis {
    exports whirlwind.redis;

    requires io.netty.common;
    requires io.netty.transport;
    requires lettuce.core;
    requires org.slf4j;
    requires static org.jspecify;
    requires transitive whirlwind;
}
