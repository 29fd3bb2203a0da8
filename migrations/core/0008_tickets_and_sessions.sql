CREATE TABLE "core_tickets" (
	"digest" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"principal_id" text NOT NULL,
	"principal" jsonb NOT NULL,
	"subject" jsonb NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "core_operations" ADD COLUMN "session" jsonb;
--> statement-breakpoint
CREATE INDEX "core_tickets_principal" ON "core_tickets" USING btree ("principal_id","purpose");
--> statement-breakpoint
CREATE INDEX "core_tickets_expiry" ON "core_tickets" USING btree ("expires_at");
