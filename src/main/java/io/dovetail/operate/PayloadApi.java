package io.dovetail.operate;

import io.dovetail.ledger.Timeline;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The bytes that the timeline leads to: as they were received, and as they were published. */
@RestController
@RequestMapping("/api")
final class PayloadApi {

    private final Timeline timeline;

    PayloadApi(Timeline timeline) {
        this.timeline = timeline;
    }

    static String received(UUID delivery) {
        return "/api/deliveries/" + delivery + "/payload";
    }

    static String published(long seq) {
        return "/api/events/" + seq + "/published";
    }

    /** To be kept as a file and never shown by a browser: a stranger wrote it. */
    @GetMapping("/deliveries/{id}/payload")
    ResponseEntity<byte[]> receivedBytes(@PathVariable UUID id) {
        var payload = timeline.received(id).orElseThrow(() -> nothing("delivery of this id"));
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(payload.media()))
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + id + "\"")
                .header("Content-Security-Policy", "default-src 'none'; sandbox")
                .body(payload.body());
    }

    /** {@code {"event": …, "triggers": […]}}, each as it is on the bus. */
    @GetMapping(path = "/events/{seq}/published", produces = MediaType.APPLICATION_JSON_VALUE)
    byte[] publishedBytes(@PathVariable long seq) {
        var bodies = timeline.published(seq);
        if (bodies.isEmpty()) {
            throw nothing("event of this number that was translated");
        }
        var json = new ByteArrayOutputStream();
        json.writeBytes(utf8("{\"event\":"));
        json.writeBytes(bodies.getFirst());
        json.writeBytes(utf8(",\"triggers\":["));
        for (var n = 1; n < bodies.size(); n++) {
            json.writeBytes(utf8(n == 1 ? "" : ","));
            json.writeBytes(bodies.get(n));
        }
        json.writeBytes(utf8("]}"));
        return json.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ResponseStatusException nothing(String what) {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no " + what + ", or not any more.");
    }
}
