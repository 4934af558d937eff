-- The image runs this once, when it makes the database: the role that the hub works as. The hub grants it the rest.
\getenv password HUB_APP_PASSWORD
CREATE ROLE hub_app LOGIN PASSWORD :'password';
-- Only the owner makes tables for his session here: nobody needs any, and one can bear the name of a table of the owner's.
REVOKE TEMPORARY ON DATABASE :"DBNAME" FROM PUBLIC;
-- Nor does anybody else make functions that the owner's could call; before PostgreSQL 15 everybody might.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
