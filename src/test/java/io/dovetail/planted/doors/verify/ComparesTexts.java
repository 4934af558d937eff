package io.dovetail.planted.doors.verify;

import java.util.function.Predicate;

class ComparesTexts {
    Predicate<String> proof(String given) {
        return secret -> secret.equals(given);
    }
}
