package dev.tdb.app.dev;

import dev.tdb.proxy.route.Engine;
import java.util.List;

/** The demo's tables and rows, in the language of one engine. */
record DemoBlueprint(String name, Engine engine, List<String> statements) {
    private static final DemoBlueprint POSTGRES =
            new DemoBlueprint("shop", Engine.POSTGRES, List.of("""
                CREATE TABLE customers (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    name text NOT NULL,
                    email text NOT NULL UNIQUE
                )\
                """, """
                CREATE TABLE products (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    name text NOT NULL,
                    price_cents bigint NOT NULL CHECK (price_cents >= 0)
                )\
                """, """
                CREATE TABLE orders (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    customer_id bigint NOT NULL REFERENCES customers,
                    product_id bigint NOT NULL REFERENCES products,
                    quantity int NOT NULL CHECK (quantity > 0),
                    ordered_at timestamptz NOT NULL DEFAULT now()
                )\
                """, """
                INSERT INTO customers (name, email) VALUES
                    ('Ada', 'ada@example.com'), ('Grace', 'grace@example.com'), ('Edsger', 'edsger@example.com')\
                """, """
                INSERT INTO products (name, price_cents) VALUES
                    ('teapot', 2900), ('cup', 900), ('sugar bowl', 1400), ('spoon', 300)\
                """, """
                INSERT INTO orders (customer_id, product_id, quantity)
                SELECT 1 + n % 3, 1 + n % 4, 1 + n % 5 FROM generate_series(1, 20) AS n\
                """));

    private static final DemoBlueprint MYSQL =
            new DemoBlueprint("shop_mysql", Engine.MYSQL, List.of("""
                CREATE TABLE customers (
                    id bigint AUTO_INCREMENT PRIMARY KEY,
                    name varchar(200) NOT NULL,
                    email varchar(200) NOT NULL UNIQUE
                )\
                """, """
                CREATE TABLE products (
                    id bigint AUTO_INCREMENT PRIMARY KEY,
                    name varchar(200) NOT NULL,
                    price_cents bigint NOT NULL CHECK (price_cents >= 0)
                )\
                """, """
                CREATE TABLE orders (
                    id bigint AUTO_INCREMENT PRIMARY KEY,
                    customer_id bigint NOT NULL,
                    product_id bigint NOT NULL,
                    quantity int NOT NULL CHECK (quantity > 0),
                    ordered_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
                    FOREIGN KEY (customer_id) REFERENCES customers (id),
                    FOREIGN KEY (product_id) REFERENCES products (id)
                )\
                """, """
                INSERT INTO customers (name, email) VALUES
                    ('Ada', 'ada@example.com'), ('Grace', 'grace@example.com'), ('Edsger', 'edsger@example.com')\
                """, """
                INSERT INTO products (name, price_cents) VALUES
                    ('teapot', 2900), ('cup', 900), ('sugar bowl', 1400), ('spoon', 300)\
                """, """
                INSERT INTO orders (customer_id, product_id, quantity)
                SELECT c.id, p.id, 1 + (c.id + p.id) % 5 FROM customers c CROSS JOIN products p\
                """));

    static DemoBlueprint of(Engine engine) {
        return switch (engine) {
            case POSTGRES -> POSTGRES;
            case MYSQL -> MYSQL;
            case MONGODB, REDIS -> throw new IllegalArgumentException("no demo of " + engine.title());
        };
    }
}
