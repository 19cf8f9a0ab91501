package dev.gatewatch.wire;

/// A record of one of the agents' topics that does not follow the contract; the message names field, value
/// and expectation.
public final class MalformedBatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedBatchException(String message) {
        super(message);
    }
}
