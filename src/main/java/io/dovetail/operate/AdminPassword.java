package io.dovetail.operate;

/** The password of {@code admin}. */
public record AdminPassword(String value) {

    @Override
    public String toString() {
        return "AdminPassword[…]";
    }
}
