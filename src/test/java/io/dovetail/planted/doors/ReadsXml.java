package io.dovetail.planted.doors;

import javax.xml.stream.XMLInputFactory;

class ReadsXml {
    Object factory() {
        return XMLInputFactory.newDefaultFactory();
    }
}
