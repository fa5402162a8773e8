/// Conversations in a database: SQLite, or PostgreSQL. The only home of SQL.
@NullMarked
package dev.gatehouse.agent.store;

import org.jspecify.annotations.NullMarked;
