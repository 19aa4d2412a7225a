package whirlwind.demos.blog;

/** Who somebody says to be. */
public record SignInForm(String name, String password) {
    static final SignInForm EMPTY = new SignInForm("", "");

    /** Takes the name as it is kept. */
    public SignInForm {
        name = Input.line(name);
    }

    /** The record's own would show the password. */
    @Override
    public String toString() {
        return "SignInForm[" + name + "]";
    }
}
