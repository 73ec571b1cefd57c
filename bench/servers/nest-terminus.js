// @nestjs/terminus on Express, checks written with HealthIndicatorService.attempt(). Node runs no decorators,
// so they are applied by hand.
import "reflect-metadata";
import { Controller, Get, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { HealthCheck, HealthCheckService, HealthIndicatorService, TerminusModule } from "@nestjs/terminus";
import { createProbes, host, port } from "./probes.js";

const { postgres, redis } = createProbes();

class HealthController {
  constructor(health, indicators) {
    this.health = health;
    this.indicators = indicators;
  }

  database() {
    return this.health.check([
      () => this.indicators.check("postgres").attempt(postgres),
      () => this.indicators.check("redis").attempt(redis),
    ]);
  }
}
const { prototype } = HealthController;
const method = Object.getOwnPropertyDescriptor(prototype, "database");
HealthCheck()(prototype, "database", method);
Get("health/database")(prototype, "database", method);
Controller()(HealthController);
Reflect.defineMetadata("design:paramtypes", [HealthCheckService, HealthIndicatorService], HealthController);

/** Carries nothing but its metadata. */
function AppModule() {}
Module({ imports: [TerminusModule.forRoot({ logger: false })], controllers: [HealthController] })(AppModule);

const app = await NestFactory.create(AppModule, { logger: false });
await app.listen(port, host);
