CREATE TABLE "storage_disk_migrations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cluster" text NOT NULL,
	"namespace" text NOT NULL,
	"disk" text NOT NULL,
	"plan" jsonb NOT NULL,
	"new_volume" text,
	"late_writing" text,
	"switched_at" timestamp (3) with time zone,
	"cancelled_at" timestamp (3) with time zone,
	"problem" text,
	"ended_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "storage_disk_migrations_open" ON "storage_disk_migrations" USING btree ("cluster","namespace","disk") WHERE ended_at is null;
