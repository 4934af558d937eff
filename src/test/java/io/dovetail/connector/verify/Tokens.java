package io.dovetail.connector.verify;

/** Tokens and keys made with openssl and Python, not with the code under test; they are valid at {@link Gate#NOW}. */
final class Tokens {

    static final String TEXT = "0123456789abcdef0123456789abcdef";

    static final String JWKS = ""
            + "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"r1\",\"n\":\"xbZwgE2pBTMEk2OhkbsNZmHiaebn-rsuAaNT_J5kTZVobBaY95"
            + "GNAP1EKN8k0EPN44t4GmNb92UTbtQKcJxm6pIBHHWsuGQoATe6H6V10Rqir7HIg7ReOvkzjnBnWK_5GX_plWecmL"
            + "bmqF0Fc2rikl3sBMMr-0hmt_j1hA4zipaUmaMwrbBzUbNjMMnSrTrpQdi1DTYTgO_U51dcghCzgLKxbrgd44JKzB"
            + "GyR21JAWt3JijQ7Mj1VaFOFoT-EYGlR7DEiOBBuapksNetcEUFipxhJLoPeIYPqN_nJCTkcrd8nDlAYjQChz3O3v"
            + "dRcfcH4rzuJMtirmQ0ncB55ydG5w\",\"e\":\"AQAB\"},{\"kty\":\"EC\",\"kid\":\"e1\",\"crv\":\"P-256\",\"x\":\"6idX"
            + "LoFycXo7D7e1d1ARcooEHTCviBQJG3-M5ft0Pxw\",\"y\":\"8tgZuOr1Hxc2zMn2r5mhn6Jg0Wos_l249c9SidQwJn"
            + "Q\"}]}";

    static final String HS256 = ""
            + "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjo"
            + "iZG92ZXRhaWwiLCJleHAiOjE3MDAwMDAzMDB9.9rN3PjN1lTLG8rTzRneWYazMK9LeEdQPAx-LMaIDLaw";

    static final String RS256 = ""
            + "eyJhbGciOiJSUzI1NiIsImtpZCI6InIxIn0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoi"
            + "ZG92ZXRhaWwiLCJleHAiOjE3MDAwMDAzMDB9.V7TrphLsqEySu3nb0TjbPe4jZzapfLc1KLCVaLbCP4VYte-4lbc"
            + "kuZlgwoDSrqtx4uyL7zVxnY_orhcldcgDSnK4Jy_p_X2mA19BJPYbN6W79OxiJ79iZzaXfyUaLo0lNDowvlj6fwT"
            + "t26dA7DhDb3hzBNvRV7l0MLRyKgmbz7D-F_se-tJMPLr6fgJ5a6Va6C_FHZKuLfJ14zIAGs21AotDin3Xctq9Eo3"
            + "AowKV3luXLf4ZRzwV-H_qGbxlBg4xL6d73AXCChCPA5zjQVgGB6kqoy8tkKyGqVUQzYVyw2yk1G5GCT3_UDTLkOU"
            + "iXypxH3zlSrfkkmU0c9IIVtbcRA";

    static final String ES256 = ""
            + "eyJhbGciOiJFUzI1NiIsImtpZCI6ImUxIn0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoi"
            + "ZG92ZXRhaWwiLCJleHAiOjE3MDAwMDAzMDB9.c6b8bPeT4CVUcW2W5mnidlehRciDwgCwF-fpixmB_DGitghkje9"
            + "7xO-Dn7MUwx2d8Y2F4iyGQRDpMk6vZil5Xg";

    static final String SET = ""
            + "eyJ0eXAiOiJzZWNldmVudCtqd3QiLCJhbGciOiJSUzI1NiIsImtpZCI6InIxIn0.eyJpc3MiOiJodHRwczovL2lz"
            + "c3Vlci5leGFtcGxlIiwiYXVkIjpbImRvdmV0YWlsIl0sImlhdCI6MTcwMDAwMDAwMCwianRpIjoic2V0LTEiLCJl"
            + "dmVudHMiOnsiaHR0cHM6Ly9zY2hlbWFzLm9wZW5pZC5uZXQvc2VjZXZlbnQvY2FlcC9ldmVudC10eXBlL3Nlc3Np"
            + "b24tcmV2b2tlZCI6eyJldmVudF90aW1lc3RhbXAiOjE3MDAwMDAwMDB9fX0.GSI4c366njd72UxGpbeBHmx37YQP"
            + "nEW8Uo6JxpvYACtuJavO9GwpLTmHb3C051ifn2wxiyiq869neILDZ3MSReZB5v1cj4gC0DwvWIgUT3SYjY3Oq1XN"
            + "dO4gEJuZLly73SI9GPU-k3bj0FVCxWhK3RoMUBbEexzopoTM5ldwTvizsVwag1t5bJzFUCjkeKvoaYW_fnRVetPL"
            + "UGi65FZCZ2kS_jS-gGQzAIYy7kQTO41wWwLSTTggVD926B6hQ5nvzef2j6SWTV4t2vBzr_BzWIweqdYUsFwC1lw2"
            + "EfPhhdRH3GDqTtFoTfUY4DUw63dI127tirzrF2K3xFpmqhwnRg";

    private Tokens() {}
}
