package whirlwind.http.client;

import org.junit.jupiter.api.AfterEach;
import whirlwind.http.codec.client.ClientTransport;

/** The whole contract, on the built-in transport. */
class BuiltInClientTest
        implements RequestContract,
                ResponseContract,
                RedirectContract,
                LimitContract,
                BodyContract,
                BadResponseContract,
                StallContract,
                Http2BadInputContract,
                TlsContract,
                ProxyContract {
    private final ClientWorld world = new ClientWorld(ClientTransport::new);

    @Override
    public ClientWorld world() {
        return world;
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }
}
