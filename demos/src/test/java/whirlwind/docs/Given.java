package whirlwind.docs;

import com.sun.net.httpserver.HttpHandler;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.client.HttpResponse;
import whirlwind.net.StreamHandler;
import whirlwind.net.tls.Identity;
import whirlwind.net.tls.TlsServerOptions;
import whirlwind.realtime.HubUser;
import whirlwind.realtime.sse.SseStream;
import whirlwind.sync.Queue;
import whirlwind.web.Application;
import whirlwind.web.RequestHandler;
import whirlwind.web.SignedValues;
import whirlwind.web.auth.OAuth2;

/**
 * What the snippets of the documentation speak of without saying what it is: the reader's own
 * application. Each snippet stands in a subclass of this; what it declares itself goes before.
 */
abstract class Given extends RequestHandler {
    // ---- of an application ----

    static class MainHandler extends RequestHandler {}

    static class ChatHandler extends RequestHandler {}

    static class StoryHandler extends RequestHandler {
        StoryHandler(Stories stories) {}
    }

    interface Stories {
        CompletableFuture<Story> load(String id);
    }

    interface Story {
        String toHtml();
    }

    record User(String name) {}

    record Post(Instant written) {}

    record Page(User user, List<Post> posts) {}

    record SignUp(String name) {}

    record Message(String text) {}

    interface Users {
        void add(SignUp form);

        HubUser of(JsonNode token);
    }

    interface Room {
        List<Message> since(long position);

        void add(Message message);
    }

    interface Rooms {
        List<String> list();
    }

    interface Database {
        void close();
    }

    Application application;
    Stories stories;
    Users users;
    SignedValues signed;
    Room room;
    Rooms rooms;
    Database database;
    Set<SseStream> listeners;
    Queue<HttpResponse> queue;

    abstract User loadUser(int id);

    abstract List<Post> loadPosts(int id);

    abstract boolean isRight(String name, String password);

    abstract String bcrypt(String password);

    abstract Path target();

    abstract String newName();

    abstract void endStream();

    abstract void show(String text);

    // ---- values ----

    CompletableFuture<String> future;
    CompletableFuture<String> first;
    CompletableFuture<String> second;
    int id;
    int n;
    String url;
    String password;
    String key;
    String secret;
    String cookieSecret;
    Post post;
    Message message;
    ZoneId zone;
    double price;
    long number;
    HttpRequest request;
    OAuth2 google;

    // ---- files ----

    Path folder;
    Path docs;
    Path authority;
    Path list;
    FileChannel file;

    // ---- of the network ----

    StreamHandler handler;
    HttpHandler oldHandler;
    TlsServerOptions tls;
    Identity other;
    Identity forA;
    Identity forB;
    Identity mine;
}
