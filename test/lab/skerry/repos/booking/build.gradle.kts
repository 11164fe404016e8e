plugins {
    id("org.springframework.boot") version "3.4.9" apply false
}

extra["jacksonVersion"] = "2.18.2"
extra["resilience4jVersion"] = "2.2.0"
extra["micrometerVersion"] = "1.14.10"
