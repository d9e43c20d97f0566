package dev.ebb.config;

/**
 * Where {@code ebb.http} listens: {@code host:port}, {@code [::1]:port} or a port alone, which is one of the loopback interface.
 *
 * @param host a name or an address, without brackets; it is looked up when it is listened on
 * @param port 0 for any that is free, up to 65535
 */
public record HttpAddress(String host, int port) {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MOST = 65_535;

    /** Null if it is no address. */
    static HttpAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        String port = text.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (!Values.isNumber(port, 5) || Integer.parseInt(port) > MOST || host.indexOf(':') >= 0 && !bracketed || host.indexOf('/') >= 0) {
            return null;
        }
        String name = bracketed ? host.substring(1, host.length() - 1) : host;
        return new HttpAddress(name.isEmpty() ? LOOPBACK : name, Integer.parseInt(port));
    }
}
