-- The image runs this once, when it makes the database: the role that the hub works as. The hub grants it the rest.
\getenv password HUB_APP_PASSWORD
CREATE ROLE hub_app LOGIN PASSWORD :'password';
