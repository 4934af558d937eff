package io.dovetail.planted.doors;

import org.apache.camel.CamelContext;

class CamelOutsideItsRoom {
    String nameOf(CamelContext context) {
        return context.getName();
    }
}
