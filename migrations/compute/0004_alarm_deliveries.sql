ALTER TABLE "compute_alarm_deliveries" ADD COLUMN "http_status" integer;
--> statement-breakpoint
ALTER TABLE "compute_alarm_deliveries" ADD COLUMN "attempted_at" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "compute_alarm_deliveries" ADD COLUMN "next_attempt_at" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "compute_alarm_policies" ADD COLUMN "problem" text;
--> statement-breakpoint
CREATE INDEX "compute_alarms_policy" ON "compute_alarms" USING btree ("policy_id","fired_at");
