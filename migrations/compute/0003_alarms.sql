CREATE TABLE "compute_alarm_deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"alarm_id" uuid NOT NULL,
	"policy_id" uuid NOT NULL,
	"event" text NOT NULL,
	"url" text NOT NULL,
	"body" text NOT NULL,
	"attempts" integer NOT NULL,
	"status" text NOT NULL,
	"problem" text,
	"finished_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "compute_alarm_policies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid,
	"cluster" text,
	"namespace" text,
	"workspace_id" uuid,
	"display_name" text NOT NULL,
	"rule" jsonb NOT NULL,
	"severity" text NOT NULL,
	"is_enabled" boolean NOT NULL,
	"quiet_seconds" integer NOT NULL,
	"silenced_until" timestamp (3) with time zone,
	"webhook_url" text,
	"holds_since" timestamp (3) with time zone,
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "compute_alarms" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid,
	"cluster" text,
	"namespace" text,
	"workspace_id" uuid,
	"policy_id" uuid NOT NULL,
	"display_name" text NOT NULL,
	"severity" text NOT NULL,
	"status" text NOT NULL,
	"value" double precision NOT NULL,
	"summary" text NOT NULL,
	"fired_at" timestamp (3) with time zone NOT NULL,
	"resolved_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "compute_alarm_deliveries_alarm" ON "compute_alarm_deliveries" USING btree ("alarm_id");
--> statement-breakpoint
CREATE INDEX "compute_alarm_policies_application" ON "compute_alarm_policies" USING btree ("application_id");
--> statement-breakpoint
CREATE INDEX "compute_alarm_policies_place" ON "compute_alarm_policies" USING btree ("cluster","namespace");
--> statement-breakpoint
CREATE UNIQUE INDEX "compute_alarms_firing" ON "compute_alarms" USING btree ("policy_id") WHERE status = 'FIRING';
--> statement-breakpoint
CREATE INDEX "compute_alarms_fired" ON "compute_alarms" USING btree ("fired_at");
--> statement-breakpoint
CREATE INDEX "compute_alarms_application" ON "compute_alarms" USING btree ("application_id","fired_at");
