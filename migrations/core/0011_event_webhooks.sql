CREATE TABLE "core_event_webhook_dead_letters" (
	"id" uuid PRIMARY KEY NOT NULL,
	"webhook_id" uuid NOT NULL,
	"event_id" text NOT NULL,
	"event_type" text NOT NULL,
	"subject" text,
	"event" text,
	"rights" text NOT NULL,
	"after" text,
	"attempts" integer NOT NULL,
	"http_status" integer,
	"problem" text NOT NULL,
	"is_wanted" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "core_event_webhooks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"display_name" text NOT NULL,
	"url" text NOT NULL,
	"subscription" text NOT NULL,
	"variables" jsonb NOT NULL,
	"owner_id" text NOT NULL,
	"owner_name" text NOT NULL,
	"impersonated_by" text,
	"is_paused" boolean NOT NULL,
	"stopped_reason" text,
	"problem" text,
	"http_status" integer,
	"failing_since" timestamp (3) with time zone,
	"position" text,
	"resynced_at" timestamp (3) with time zone,
	"resync_reason" text,
	"delivered" bigint NOT NULL,
	"delivered_at" timestamp (3) with time zone,
	"secret_generation" integer NOT NULL,
	"secret_rotated_at" timestamp (3) with time zone,
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE INDEX "core_event_webhook_dead_letters_webhook" ON "core_event_webhook_dead_letters" USING btree ("webhook_id","created_at");
--> statement-breakpoint
CREATE INDEX "core_event_webhooks_owner" ON "core_event_webhooks" USING btree ("owner_id") WHERE deleted_at is null;
