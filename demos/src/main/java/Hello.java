import module whirlwind;

class MainHandler extends RequestHandler {
    @Override
    protected void get() {
        write("Hello, world");
    }
}

void main() {
    new Application("/", MainHandler::new).listen(8888);
    IOLoop.current().start();
}
