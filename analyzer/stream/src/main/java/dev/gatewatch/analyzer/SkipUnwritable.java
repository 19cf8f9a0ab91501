package dev.gatewatch.analyzer;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.DefaultProductionExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;

/// What becomes of a record that the analyzer cannot write: if it has no form as bytes, which is a bug of ours, what it
/// was made from goes to the dead letters and the work goes on; if the broker does not take it, Kafka Streams' rule
/// holds.
public final class SkipUnwritable extends DefaultProductionExceptionHandler {
    @Override
    @SuppressWarnings("rawtypes") // as it is declared there
    public Response handleSerializationError(
            ErrorHandlerContext context,
            ProducerRecord record,
            Exception exception,
            SerializationExceptionOrigin origin) {
        return Response.resume(super.handleSerializationError(context, record, exception, origin)
                .deadLetterQueueRecords());
    }
}
