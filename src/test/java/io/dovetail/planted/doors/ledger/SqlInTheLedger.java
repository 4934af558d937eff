package io.dovetail.planted.doors.ledger;

import java.sql.Connection;
import java.sql.SQLException;

class SqlInTheLedger {
    boolean open(Connection connection) throws SQLException {
        return !connection.isClosed();
    }
}
