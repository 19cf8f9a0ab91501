package dev.gatewatch.analyzer.proxies;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Addresses and files by the names that texts have for them: `{refuses}` stands for `127.0.0.1:43127`.
final class Places {
    /// Not what NGINX itself writes in braces.
    private static final Pattern NAME = Pattern.compile("\\{([a-z]+[0-9]*(:[a-z]+)?)}");

    private final Map<String, String> named = new LinkedHashMap<>();
    private final Map<String, String> ports;

    Places() {
        this(new LinkedHashMap<>());
    }

    private Places(Map<String, String> ports) {
        this.ports = ports;
    }

    Places put(String name, Object place) {
        named.put(name, place.toString());
        return this;
    }

    /// The same names, to which more can be added; ports are shared.
    Places copy() {
        Places copy = new Places(ports);
        copy.named.putAll(named);
        return copy;
    }

    /// The text with its names replaced. A name `listen:…` that is new gets a free port.
    String in(String text) {
        Matcher matcher = NAME.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(filled, Matcher.quoteReplacement(place(matcher.group(1))));
        }
        return matcher.appendTail(filled).toString();
    }

    private String place(String name) {
        String place = named.get(name);
        if (place == null && name.startsWith("listen:")) {
            return ports.computeIfAbsent(name, n -> freePort());
        }
        if (place == null) {
            throw new IllegalArgumentException("nothing is called {" + name + "}");
        }
        return place;
    }

    /// A port that nobody else has got or gets, since it is below those that the kernel gives away.
    private String freePort() {
        while (true) {
            String address = "127.0.0.1:" + ThreadLocalRandom.current().nextInt(20_000, 30_000);
            if (!ports.containsValue(address) && isFree(address)) {
                return address;
            }
        }
    }

    private static boolean isFree(String address) {
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
