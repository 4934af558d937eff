package io.dovetail.planted.doors;

import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLSession;

class TakesAnyName implements HostnameVerifier {
    @Override
    public boolean verify(String name, SSLSession session) {
        return true;
    }
}
