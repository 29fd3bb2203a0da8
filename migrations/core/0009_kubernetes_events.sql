CREATE TABLE "core_events" (
	"cluster" text NOT NULL,
	"uid" text NOT NULL,
	"namespace" text NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"reason" text NOT NULL,
	"message" text NOT NULL,
	"component" text NOT NULL,
	"involved_group" text NOT NULL,
	"involved_kind" text NOT NULL,
	"involved_namespace" text NOT NULL,
	"involved_name" text NOT NULL,
	"involved_uid" text NOT NULL,
	"count" integer NOT NULL,
	"first_seen_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"is_past" boolean DEFAULT false NOT NULL,
	"object" json NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "core_events_cluster_uid_pk" PRIMARY KEY("cluster","uid")
);
--> statement-breakpoint
CREATE INDEX "core_events_seen" ON "core_events" USING btree ("last_seen_at","cluster","uid");
--> statement-breakpoint
CREATE INDEX "core_events_place" ON "core_events" USING btree ("cluster","namespace","last_seen_at");
--> statement-breakpoint
CREATE INDEX "core_events_involved" ON "core_events" USING btree ("cluster","involved_name","involved_kind","last_seen_at");
