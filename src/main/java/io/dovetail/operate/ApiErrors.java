package io.dovetail.operate;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Every error is problem+json without internals: no class name, no stack trace, nothing the caller sent. */
@RestControllerAdvice
final class ApiErrors extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ApiErrors.class);

    @ExceptionHandler(Reload.RefusedException.class)
    ProblemDetail refused(Reload.RefusedException e) {
        var problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.UNPROCESSABLE_ENTITY, "The configuration has problems; what was live goes on.");
        problem.setTitle("Not reloaded");
        problem.setProperty("problems", e.problems());
        return problem;
    }

    @ExceptionHandler(MethodArgumentTypeMismatchException.class)
    ProblemDetail mismatch(MethodArgumentTypeMismatchException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST, "The parameter " + e.getName() + " has not the form it must have.");
    }

    @ExceptionHandler(io.dovetail.ledger.UnavailableException.class)
    ProblemDetail unavailable(io.dovetail.ledger.UnavailableException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, "The database is away; try again in a moment.");
    }

    /** The firewall looks at headers and parameters when they are asked for, and that may be late. */
    @ExceptionHandler(RequestRejectedException.class)
    ProblemDetail rejected(RequestRejectedException e) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST, "A header or parameter of the request holds characters that are refused.");
    }

    /** Whoever asked went away, or let the hub wait for the rest: nobody to answer, and nothing to report. */
    @ExceptionHandler(IOException.class)
    void gone(HttpServletResponse response) {
        response.setHeader("Connection", "close");
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
    }

    @ExceptionHandler(Exception.class)
    ProblemDetail unexpected(Exception e) {
        log.error("A request failed", e);
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, "The hub failed on this request; its log says why.");
    }
}
