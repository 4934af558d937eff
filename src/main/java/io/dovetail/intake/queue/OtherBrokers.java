package io.dovetail.intake.queue;

import io.dovetail.call.Callers;
import io.dovetail.call.Secrets;

/**
 * How the brokers of others are reached.
 *
 * @param callers by whom tokens are got
 * @param secrets by which the hub proves itself
 */
public record OtherBrokers(KafkaSettings kafka, Callers callers, Secrets secrets) {}
