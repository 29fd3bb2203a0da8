CREATE TABLE "release_stacks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"project_id" uuid NOT NULL,
	"workspace_id" uuid,
	"cluster" text NOT NULL,
	"namespace" text NOT NULL,
	"template_id" uuid,
	"format" text NOT NULL,
	"content" text NOT NULL,
	"digest" text NOT NULL,
	"scale" jsonb,
	"apps" jsonb NOT NULL,
	"plan" jsonb NOT NULL,
	"earlier" jsonb NOT NULL,
	"phase" text NOT NULL,
	"operation_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "release_stacks_name" ON "release_stacks" USING btree ("cluster","namespace","name") WHERE deleted_at is null;
--> statement-breakpoint
CREATE INDEX "release_stacks_project" ON "release_stacks" USING btree ("project_id");
--> statement-breakpoint
CREATE INDEX "release_stacks_operation" ON "release_stacks" USING btree ("operation_id");
