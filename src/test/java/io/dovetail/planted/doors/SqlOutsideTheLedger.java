package io.dovetail.planted.doors;

import java.sql.Connection;
import java.sql.SQLException;

class SqlOutsideTheLedger {
    boolean open(Connection connection) throws SQLException {
        return !connection.isClosed();
    }
}
