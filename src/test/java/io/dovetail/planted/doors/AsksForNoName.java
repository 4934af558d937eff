package io.dovetail.planted.doors;

import java.io.IOException;
import java.net.URL;
import javax.net.ssl.HttpsURLConnection;

class AsksForNoName {
    void open(URL url) throws IOException {
        var connection = (HttpsURLConnection) url.openConnection();
        connection.setHostnameVerifier((name, session) -> true);
        connection.connect();
    }
}
