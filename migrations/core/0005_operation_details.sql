ALTER TABLE "core_operations" ADD COLUMN "category" text DEFAULT 'WRITE' NOT NULL;
--> statement-breakpoint
ALTER TABLE "core_operations" ADD COLUMN "impersonator_id" text;
--> statement-breakpoint
ALTER TABLE "core_operations" ADD COLUMN "impersonator_name" text;
--> statement-breakpoint
ALTER TABLE "core_operations" ADD COLUMN "batch_id" uuid;
--> statement-breakpoint
ALTER TABLE "core_operations" ADD COLUMN "workspace_id" uuid;
--> statement-breakpoint
ALTER TABLE "core_operations" ADD COLUMN "project_id" uuid;
--> statement-breakpoint
ALTER TABLE "core_operations" ADD COLUMN "detail" text;
--> statement-breakpoint
ALTER TABLE "core_operations" ADD COLUMN "changes" jsonb DEFAULT '[]'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "core_operations" ADD COLUMN "are_changes_cut" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE "core_operations" ADD COLUMN "runner" text;
--> statement-breakpoint
ALTER TABLE "core_operations" ADD COLUMN "runner_key" text;
--> statement-breakpoint
ALTER TABLE "core_operations" ADD COLUMN "alive_at" timestamp (3) with time zone;
--> statement-breakpoint
CREATE INDEX "core_operations_operator_name" ON "core_operations" USING btree ("principal_name","created_at");
--> statement-breakpoint
CREATE INDEX "core_operations_workspace" ON "core_operations" USING btree ("workspace_id","created_at","id");
--> statement-breakpoint
CREATE INDEX "core_operations_project" ON "core_operations" USING btree ("project_id","created_at","id");
--> statement-breakpoint
CREATE INDEX "core_operations_action" ON "core_operations" USING btree ("action","created_at");
--> statement-breakpoint
CREATE INDEX "core_operations_kind" ON "core_operations" USING btree ("kind","created_at");
--> statement-breakpoint
CREATE INDEX "core_operations_failed" ON "core_operations" USING btree ("created_at") WHERE status in ('FAILED', 'REFUSED');
--> statement-breakpoint
CREATE INDEX "core_operations_other" ON "core_operations" USING btree ("created_at") WHERE category <> 'WRITE';
--> statement-breakpoint
CREATE INDEX "core_operations_batch" ON "core_operations" USING btree ("batch_id") WHERE batch_id is not null;
