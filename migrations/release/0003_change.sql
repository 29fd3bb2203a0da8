CREATE TABLE "release_templates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"project_id" uuid NOT NULL,
	"workspace_id" uuid,
	"description" text NOT NULL,
	"format" text NOT NULL,
	"content" text NOT NULL,
	"digest" text NOT NULL,
	"apps" jsonb NOT NULL,
	"version" integer NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "release_templates_name" ON "release_templates" USING btree ("project_id","name") WHERE deleted_at is null;
--> statement-breakpoint
CREATE INDEX "release_templates_workspace" ON "release_templates" USING btree ("workspace_id");
